"""What operators see of the service and do to it: who is appointed, and the state of it.

Never a booklet, nor whether somebody has one.
"""
