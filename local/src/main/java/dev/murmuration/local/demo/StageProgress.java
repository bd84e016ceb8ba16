package dev.murmuration.local.demo;

/**
 * One stage in a line of the progress display.
 *
 * @param name of the stage
 * @param in number of inputs so far
 * @param out number of outputs so far
 * @param rejected number of rejections so far
 * @param lag number of inputs that wait
 * @param detail additional text, may be empty
 */
record StageProgress(String name, long in, long out, long rejected, long lag, String detail) {}
