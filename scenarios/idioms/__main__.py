"""Run all idioms, and write the page that tells of them."""

import sys

from scenarios.idioms import categories
from scenarios.idioms.page import page
from scenarios.idioms.verdict import verdict

sys.stdout.write(page({idiom: verdict(idiom.f, idiom.order) for category in categories() for idiom in category.idioms}))
