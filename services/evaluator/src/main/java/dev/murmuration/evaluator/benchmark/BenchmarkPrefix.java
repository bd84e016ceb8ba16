package dev.murmuration.evaluator.benchmark;

import dev.murmuration.stage.store.Fetched;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.stage.store.StoredObject;
import java.util.List;
import java.util.stream.Collectors;

/** A benchmark in the object store, under {@code benchmarks/<name>/}. */
final class BenchmarkPrefix implements BenchmarkFiles {

    private static final String ROOT = "benchmarks/";

    private final ObjectStore store;
    private final String name;

    BenchmarkPrefix(ObjectStore store, String name) {
        this.store = store;
        this.name = name;
    }

    /** The names of the benchmarks that have an index in the store now, in alphabetical order. */
    static List<String> names(ObjectStore store) {
        return store.list(ROOT).stream()
                .map(StoredObject::key)
                .filter(key -> key.endsWith("/" + BenchmarkIndex.FILE))
                .map(key -> key.substring(ROOT.length(), key.length() - BenchmarkIndex.FILE.length() - 1))
                .filter(name -> !name.contains("/"))
                .toList();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String place() {
        return "object store, " + prefix();
    }

    @Override
    public Fetched<byte[]> read(String path, long limitBytes) {
        Fetched<byte[]> fetched = store.get(prefix() + path);
        return fetched instanceof Fetched.Found<byte[]>(byte[] bytes) && bytes.length > limitBytes
                ? new Fetched.Damaged<>("is larger than " + limitBytes + " bytes")
                : fetched;
    }

    @Override
    public String state() {
        return store.list(prefix()).stream()
                .map(object -> object.key() + " " + object.bytes() + " " + object.etag())
                .collect(Collectors.joining("\n"));
    }

    private String prefix() {
        return ROOT + name + "/";
    }
}
