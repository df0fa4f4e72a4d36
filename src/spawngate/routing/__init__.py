"""Events x routes -> deliveries. Pure: time, chance and what is stored are arguments.

Belongs here: what a route is and takes (`route`), grouping and limits (`group`, `limit`), when to try again (`backoff`,
`breaker`), what a destination is (`destination`), which addresses may be reached (`addresses`).
Must not be here: sending and storing (`server.deliver`), formats of a vendor (`destinations`, one file each).
"""
