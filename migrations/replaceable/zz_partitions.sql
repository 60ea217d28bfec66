-- Every migration leaves the parts of the next months ready. Last by name: all tables are there.
select ensure_partitions();
