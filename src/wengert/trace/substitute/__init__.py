"""The user's function, run with NumPy's creation functions, `math`, `float` and their kin replaced by ours.

names     what stands for what
create    arrays made from nothing, into which tensors can be written
lists     NumPy's functions of lists that hold tensors
numbers   math, cmath, float and complex
applied   np.vectorize and its kin: the user's functions, element by element
threads   threads that the function starts
reading   what code does with names, from its bytecode
users     whose code it is
program   functions that are rebuilt together
rebuild   a function with its globals substituted
classes   the same for methods, by way of their object
made      and for classes whose objects are made in the run
explain   what all this does to a function, told without running it
"""
