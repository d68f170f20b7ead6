-- Digests read in this load.
insert into source_file by name
select * from staged_file;
