package dev.murmuration.crawler.photo;

/** Memory for a photo that is about to be read. */
@FunctionalInterface
public interface Room {

    /**
     * Waits until so many bytes may be held. Asked once a fetch, before the body is read: whoever held a part of one photo while
     * it waits for more could wait for another that does the same.
     */
    void reserve(long bytes) throws InterruptedException;
}
