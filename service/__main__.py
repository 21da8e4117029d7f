"""``python -m service`` is ``registry``."""

from service.cli import main

main()
