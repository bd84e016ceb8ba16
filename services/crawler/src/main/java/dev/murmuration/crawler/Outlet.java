package dev.murmuration.crawler;

import dev.murmuration.schemas.Cursor;
import java.util.List;

/** Where settled deliveries go. */
@FunctionalInterface
interface Outlet {

    /** Makes all of this durable and visible, or nothing; returns when it is. */
    void commit(List<Outgoing> outgoing, Cursor cursor);
}
