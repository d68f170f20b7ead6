-- Digests read in this load. A digest read again (--force) replaces what was read from it before.
delete from source_file
where source_file_key in (select source_file_key from staged_file);

insert into source_file by name
select * from staged_file;
