package dev.murmuration.crawler.photo;

/** Where a feed's photos come from: the web, a folder, the simulator. Safe for use by many threads. */
public interface PhotoSource {

    /**
     * The bytes behind this address, or why there are none. Blocks; limited in time and size by the source's own settings.
     *
     * @param room is asked for what the bytes need before they are read
     * @throws InterruptedException if the caller was interrupted, which is not the photo's fault
     */
    Fetched fetch(String url, Room room) throws InterruptedException;
}
