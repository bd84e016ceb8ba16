package dev.murmuration.trainer;

final class LoaderBench {
    private LoaderBench() {}

    static void loader() {}

    static void endToEnd() {}
}
