-- How far the archive of answers is loaded now.
delete from portal_archive
where warc_file in (select warc_file from staged_archive);

insert into portal_archive by name
select * from staged_archive;
