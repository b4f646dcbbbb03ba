/**
 * JDBC connections shared by green threads: {@link evy.db}, and their figures for Micrometer:
 * {@link evy.db.micrometer}, which needs that library; nothing else does.
 */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // Micrometer is one
module evy.db {
    requires transitive evy.core;
    requires transitive java.sql;
    requires static java.management;
    requires static transitive micrometer.core;
    requires static transitive org.jspecify;

    exports evy.db;
    exports evy.db.micrometer;

    uses java.sql.Driver;
}
