package dev.murmuration.weights.hdf5;

import dev.murmuration.weights.TensorFile;
import dev.murmuration.weights.TensorType;
import dev.murmuration.weights.WeightsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the datasets of an HDF5 file as described in the <a
 * href="https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html">HDF5 File Format Specification</a>, sections II to
 * IV: superblocks 0 and 1, symbol tables, object headers 1 and layouts 3, which is what h5py and so Keras write unless told
 * otherwise. Attributes, links to other files and values other than numbers are skipped. The file is untrusted: every number is
 * checked before it is used, and no part is read twice.
 */
final class Hdf5File {

    private static final int ADDRESS_BYTES = 8;
    private static final int MAX_NODES = 1 << 20;
    private static final int MAX_DEPTH = 64;
    private static final int MAX_METADATA_BYTES = 16 << 20;
    private static final int MAX_NAME_BYTES = 4096;
    /** The address of data that were never written. */
    static final long UNDEFINED = -1;

    private static final int DATASPACE = 0x01;
    private static final int DATATYPE = 0x03;
    private static final int LAYOUT = 0x08;
    private static final int FILTERS = 0x0b;
    private static final int CONTINUATION = 0x10;
    private static final int SYMBOL_TABLE = 0x11;

    /** A dataset of numbers. */
    sealed interface Dataset permits Contiguous, Compact, ChunkedDataset {}

    /**
     * A dataset whose content is in its description.
     *
     * @param content all its bytes
     */
    record Compact(TensorType type, List<Long> shape, ByteBuffer content) implements Dataset {}

    /**
     * A dataset whose bytes are contiguous in the file.
     *
     * @param begin its first byte
     * @param bytes number of its bytes
     */
    record Contiguous(TensorType type, List<Long> shape, long begin, long bytes) implements Dataset {}

    private final String file;
    private final FileChannel channel;
    private final long fileBytes;
    private final Set<Long> visited = new HashSet<>();
    private final SequencedMap<String, Dataset> datasets = new LinkedHashMap<>();
    private long read;

    Hdf5File(String file, FileChannel channel) throws IOException {
        this.file = file;
        this.channel = channel;
        this.fileBytes = channel.size();
    }

    /**
     * All datasets of numbers, by path.
     *
     * @param preferred a group of the root: if it exists, only its datasets are returned, by their paths in it
     */
    SequencedMap<String, Dataset> datasets(String preferred) throws IOException {
        Header root = header("the root", rootAddress());
        SequencedMap<String, Long> children = children("the root", root);
        Long instead = children.get(preferred);
        visitAll("", instead == null ? children : children(preferred, header(preferred, instead)), 1);
        return datasets;
    }

    private long rootAddress() throws IOException {
        ByteBuffer superblock = at("the superblock", 0, 16);
        int version = superblock.get(8);
        if (version != 0 && version != 1) {
            throw broken("its superblock has version %d; h5py writes 0 by default".formatted(version));
        }
        if (superblock.get(13) != ADDRESS_BYTES || superblock.get(14) != ADDRESS_BYTES) {
            throw broken("its addresses have %d and its lengths %d bytes, not 8"
                    .formatted(superblock.get(13), superblock.get(14)));
        }
        ByteBuffer places = at("the superblock", version == 0 ? 24 : 28, 48);
        if (places.getLong(0) != 0) {
            throw broken("its content starts at byte %d, not 0".formatted(places.getLong(0)));
        }
        return places.getLong(40);
    }

    private void visitAll(String path, SequencedMap<String, Long> children, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw broken("group %s is %d deep".formatted(path, depth));
        }
        for (Map.Entry<String, Long> child : children.entrySet()) {
            String name = path.isEmpty() ? child.getKey() : path + "/" + child.getKey();
            Header header = header(name, child.getValue());
            if (header.find(SYMBOL_TABLE) != null) {
                visitAll(name, children(name, header), depth + 1);
            } else {
                dataset(name, header).ifPresent(dataset -> datasets.put(name, dataset));
            }
        }
    }

    /** The messages of an object by type; the first one if there are several of a type. */
    private record Header(Map<Integer, ByteBuffer> messages) {
        @Nullable
        ByteBuffer find(int type) {
            return messages.get(type);
        }
    }

    private Header header(String what, long address) throws IOException {
        once(what, address);
        ByteBuffer prefix = at(what, address, 16);
        if (prefix.get(0) != 1) {
            throw broken("%s has an object header of version %d, not 1".formatted(what, prefix.get(0)));
        }
        Map<Integer, ByteBuffer> messages = new LinkedHashMap<>();
        List<ByteBuffer> blocks = new ArrayList<>();
        blocks.add(at(what, address + 16, Integer.toUnsignedLong(prefix.getInt(8))));
        int left = Short.toUnsignedInt(prefix.getShort(2));
        for (int i = 0; i < blocks.size(); i++) {
            ByteBuffer block = blocks.get(i);
            while (left > 0 && block.remaining() >= 8) {
                left--;
                int type = Short.toUnsignedInt(block.getShort());
                int bytes = Short.toUnsignedInt(block.getShort());
                boolean shared = (block.getInt() & 2) != 0;
                ByteBuffer message = piece(file, what, block, bytes);
                if (type == CONTINUATION && bytes >= 16) {
                    once(what, message.getLong(0));
                    blocks.add(at(what, message.getLong(0), message.getLong(8)));
                } else if (shared && (type == DATASPACE || type == DATATYPE)) {
                    throw broken("%s shares its description with others".formatted(what));
                } else {
                    messages.putIfAbsent(type, message);
                }
            }
        }
        return new Header(messages);
    }

    /** The addresses that a group links to, by name, in the order of the names. */
    private SequencedMap<String, Long> children(String group, Header header) throws IOException {
        ByteBuffer table = header.find(SYMBOL_TABLE);
        if (table == null || table.remaining() < 16) {
            throw broken("%s is not a group, or is one of the newer kind that h5py makes on request".formatted(group));
        }
        ByteBuffer heap = at(group, table.getLong(8), 32);
        if (heap.getInt(0) != word("HEAP")) {
            throw broken("the names of group %s are damaged".formatted(group));
        }
        ByteBuffer names = at(group, heap.getLong(24), heap.getLong(8));
        SequencedMap<String, Long> children = new LinkedHashMap<>();
        for (ByteBuffer node : leaves(group, table.getLong(0))) {
            int symbols = Short.toUnsignedInt(node.getShort(6));
            for (int i = 0; i < symbols; i++) {
                ByteBuffer symbol = node.slice(8 + 40 * i, 40).order(node.order());
                boolean soft = symbol.getInt(16) == 2;
                if (!soft && children.put(name(group, names, symbol.getLong(0)), symbol.getLong(8)) != null) {
                    throw broken("group %s has two links of one name".formatted(group));
                }
            }
        }
        return children;
    }

    private List<ByteBuffer> leaves(String group, long root) throws IOException {
        List<ByteBuffer> leaves = new ArrayList<>();
        for (Branch branch : branches(group, root, 0, 8)) {
            once(group, branch.child());
            ByteBuffer head = at(group, branch.child(), 8);
            if (head.getInt(0) != word("SNOD")) {
                throw broken("group %s is damaged".formatted(group));
            }
            leaves.add(at(group, branch.child(), 8 + 40L * Short.toUnsignedInt(head.getShort(6))));
        }
        return leaves;
    }

    /**
     * An entry of a B-tree.
     *
     * @param key the key before it
     */
    private record Branch(ByteBuffer key, long child) {}

    /** The entries in the leaves of a version 1 B-tree, from left to right. */
    private List<Branch> branches(String what, long root, int kind, int keyBytes) throws IOException {
        List<Branch> level = List.of(new Branch(ByteBuffer.allocate(0), root));
        for (int height = at(what, root, 24).get(5) & 0xff; height >= 0; height--) {
            List<Branch> below = new ArrayList<>();
            for (Branch branch : level) {
                once(what, branch.child());
                ByteBuffer head = at(what, branch.child(), 24);
                if (head.getInt(0) != word("TREE") || head.get(4) != kind || (head.get(5) & 0xff) != height) {
                    throw broken("the index of %s is damaged".formatted(what));
                }
                int children = Short.toUnsignedInt(head.getShort(6));
                ByteBuffer body = at(what, branch.child() + 24, (long) children * (keyBytes + ADDRESS_BYTES));
                for (int i = 0; i < children; i++) {
                    below.add(new Branch(piece(file, what, body, keyBytes), body.getLong()));
                }
            }
            level = below;
        }
        return level;
    }

    private String name(String group, ByteBuffer names, long offset) throws WeightsException {
        if (offset < 0 || offset >= names.limit()) {
            throw broken("a name of group %s is at byte %d of %d".formatted(group, offset, names.limit()));
        }
        int end = (int) offset;
        while (end < names.limit() && names.get(end) != 0) {
            end++;
        }
        if (end == names.limit() || end - offset > MAX_NAME_BYTES) {
            throw broken("a name of group %s does not end".formatted(group));
        }
        return StandardCharsets.UTF_8
                .decode(names.slice((int) offset, end - (int) offset))
                .toString();
    }

    /** Empty if it is not a dataset or not of numbers. */
    private Optional<Dataset> dataset(String name, Header header) throws IOException {
        ByteBuffer space = header.find(DATASPACE);
        ByteBuffer datatype = header.find(DATATYPE);
        ByteBuffer layout = header.find(LAYOUT);
        if (space == null || datatype == null || layout == null) {
            return Optional.empty();
        }
        Hdf5Description described = new Hdf5Description(file, name, fileBytes);
        Optional<TensorType> type = described.type(datatype);
        if (type.isEmpty()) {
            return Optional.empty();
        }
        List<Long> shape = described.shape(space);
        long bytes = described.bytes(type.get(), shape);
        described.require(layout, 2);
        if (layout.get(0) != 3) {
            throw broken("tensor %s has a layout of version %d, not 3".formatted(name, layout.get(0)));
        }
        return Optional.of(
                switch (layout.get(1)) {
                    case 0 -> described.compact(type.get(), shape, bytes, layout);
                    case 1 -> described.contiguous(type.get(), shape, bytes, layout);
                    case 2 -> chunked(described, type.get(), shape, bytes, layout, header.find(FILTERS));
                    default -> throw broken("tensor %s has the layout %d".formatted(name, layout.get(1)));
                });
    }

    private Dataset chunked(
            Hdf5Description described,
            TensorType type,
            List<Long> shape,
            long bytes,
            ByteBuffer layout,
            @Nullable ByteBuffer filters)
            throws IOException {
        String name = described.name();
        int rank = shape.size();
        described.require(layout, 3);
        if (rank == 0 || (layout.get(2) & 0xff) != rank + 1) {
            throw broken("tensor %s of %s has chunks of %d dimensions".formatted(name, shape, layout.get(2) - 1));
        }
        described.require(layout, 11 + 4 * (rank + 1));
        List<Long> chunk = LongStream.range(0, rank)
                .map(i -> Integer.toUnsignedLong(layout.getInt(11 + 4 * (int) i)))
                .boxed()
                .toList();
        if (layout.getInt(11 + 4 * rank) != type.bytes()) {
            throw broken("tensor %s has chunks of other elements".formatted(name));
        }
        List<Integer> steps = filters == null ? List.of() : described.filters(filters);
        List<ChunkedDataset.Chunk> chunks = new ArrayList<>();
        long address = layout.getLong(3);
        if (address != UNDEFINED) {
            for (Branch branch : branches(name, address, 1, 8 + 8 * (rank + 1))) {
                ByteBuffer key = branch.key();
                long packed = Integer.toUnsignedLong(key.getInt(0));
                if (branch.child() < 0 || branch.child() > fileBytes - packed) {
                    throw broken("a chunk of tensor %s is at byte %d of %d".formatted(name, branch.child(), fileBytes));
                }
                List<Long> corner = LongStream.range(0, rank)
                        .map(i -> key.getLong(8 + 8 * (int) i))
                        .boxed()
                        .toList();
                chunks.add(new ChunkedDataset.Chunk(corner, key.getInt(4), branch.child(), packed));
            }
        }
        return new ChunkedDataset(type, shape, bytes, chunk, steps, chunks).checked(file, name, fileBytes);
    }

    private ByteBuffer at(String what, long address, long bytes) throws IOException {
        if (address < 0 || bytes < 0 || bytes > MAX_METADATA_BYTES || address > fileBytes - bytes) {
            throw broken("%s: %d bytes at byte %d of %d".formatted(what, bytes, address, fileBytes));
        }
        read += bytes;
        if (read / 4 > fileBytes + MAX_NAME_BYTES) {
            throw broken("%s: its parts overlap".formatted(what));
        }
        return TensorFile.read(channel, address, (int) bytes);
    }

    /** The next bytes of a buffer. */
    static ByteBuffer piece(String file, String what, ByteBuffer from, int bytes) throws WeightsException {
        if (bytes > from.remaining()) {
            throw new WeightsException("%s: %s is damaged".formatted(file, what));
        }
        ByteBuffer piece = from.slice(from.position(), bytes).order(from.order());
        from.position(from.position() + bytes);
        return piece;
    }

    /** No address is visited twice, so that circular links end. */
    private void once(String what, long address) throws WeightsException {
        if (!visited.add(address) || visited.size() > MAX_NODES) {
            throw broken("%s points to byte %d, which another object uses".formatted(what, address));
        }
    }

    private static int word(String four) {
        byte[] b = four.getBytes(StandardCharsets.US_ASCII);
        return b[0] | b[1] << 8 | b[2] << 16 | b[3] << 24;
    }

    private WeightsException broken(String problem) {
        return new WeightsException("%s: %s".formatted(file, problem));
    }
}
