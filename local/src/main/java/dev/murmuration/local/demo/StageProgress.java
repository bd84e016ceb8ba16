package dev.murmuration.local.demo;

/**
 * One stage as a line of the progress display.
 *
 * @param name of the stage
 * @param in what it took in so far
 * @param out what it gave so far
 * @param rejected what it refused so far
 * @param lag what stands before it and is not done
 * @param detail what else there is to say, may be empty
 */
record StageProgress(String name, long in, long out, long rejected, long lag, String detail) {}
