"""Sun and planets by the leapfrog method, with softened gravity; total energy checks the step size.

Units are astronomical: AU, years, masses of the sun. The objective: how close a probe that starts from the earth comes to Mars.

Source: J. Binney and S. Tremaine, Galactic Dynamics, 2nd edition, Princeton 2008, section 3.4.
"""

import numpy as np

G = 4.0 * np.pi**2
SOFTENING = 1e-3


class Body:
    def __init__(self, name, mass, position, velocity):
        self.name = name
        self.mass = mass
        self.position = np.array(position)
        self.velocity = np.array(velocity)

    def kick(self, acceleration, dt):
        self.velocity = self.velocity + acceleration * dt

    def drift(self, dt):
        self.position = self.position + self.velocity * dt


def acceleration(body, bodies):
    a = np.zeros(2)
    for other in bodies:
        if other is not body and other.mass > 0.0:
            r = other.position - body.position
            a += G * other.mass * r / (np.dot(r, r) + SOFTENING**2) ** 1.5
    return a


def leapfrog(bodies, dt):
    for body in bodies:
        body.kick(acceleration(body, bodies), 0.5 * dt)
    for body in bodies:
        body.drift(dt)
    for body in bodies:
        body.kick(acceleration(body, bodies), 0.5 * dt)


def solar_system(launch):
    speed = np.sqrt(G)
    return [
        Body("Sun", 1.0, [0.0, 0.0], [0.0, 0.0]),
        Body("Earth", 3.0e-6, [1.0, 0.0], [0.0, speed]),
        Body("Mars", 3.2e-7, [-1.1, 1.05], [-0.68 * speed * 0.83, -0.73 * speed * 0.83]),
        Body("probe", 0.0, [1.02, 0.0], [launch[0], speed + launch[1]]),
    ]


def closest_approach(launch):
    bodies = solar_system(launch)
    _, _, mars, probe = bodies
    closest = np.inf
    for _ in range(22):
        leapfrog(bodies, 0.02)
        distance = np.linalg.norm(probe.position - mars.position)
        if distance < closest:
            closest = distance
    return closest


program = closest_approach
arguments = (np.array([0.15, 0.7]),)
