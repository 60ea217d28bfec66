-- The two logins and the database, once, as a superuser: psql -f deploy/postgresql/logins.sql
-- Then give them passwords: \password shanyraq_owner  and  \password shanyraq_app

-- Owns all tables and runs `shanyraq migrate`, which makes the group roles.
create role shanyraq_owner login createrole;
-- The hub itself: owns nothing and takes one group role per pool, hence noinherit.
create role shanyraq_app login noinherit;
create database shanyraq owner shanyraq_owner encoding 'UTF8' template template0;
