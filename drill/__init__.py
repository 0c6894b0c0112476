"""What a drill sends and what it must find: traffic, an oracle, a judgement and a page.

Nothing here is shared with the product: what an upload must become is known by the generator that
made it, ids are computed from the documentation, and tables, buckets and events are read with
boto3 alone. So a mistake of the product's code can't hide here as well.
"""
