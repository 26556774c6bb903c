"""HTTP without pages: headers, CORS, cookies, connections, ids and addresses of requests, public files."""
