package dev.murmuration.evaluator.benchmark;

import dev.murmuration.stage.Fetched;

/** The files of one benchmark, wherever they lie. Paths are relative, with {@code /}, and never leave the benchmark. */
public interface BenchmarkFiles {

    /** The benchmark's name: the last part of where it lies. */
    String name();

    /** Where it lies, for messages. */
    String place();

    /**
     * The bytes of one file.
     *
     * @param limitBytes larger files are damaged
     */
    Fetched<byte[]> read(String path, long limitBytes);

    /** Something that differs when a file came, went or changed, told without reading the photos. */
    String state();
}
