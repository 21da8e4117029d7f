"""What questions cost at 10,000 and 100,000 people, side by side in one run: ``python -m benchmarks``.

``world`` invents an organisation, ``filling`` writes it to the graph once, ``running`` serves it as users
have it, ``peer`` asks the headline question in hand-written Cypher, ``measuring`` takes the times and
``report`` holds them against the aims.
"""
