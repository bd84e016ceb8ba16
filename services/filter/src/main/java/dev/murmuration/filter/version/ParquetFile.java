package dev.murmuration.filter.version;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.MilliSeconds;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.StringType;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.TimestampType;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;

/**
 * Writes a table whose columns are neither nested nor empty anywhere as Parquet: pages of plain values, compressed by gzip, one
 * page a column and row group. The structures are those of Apache's own library; its writer would need Hadoop.
 */
final class ParquetFile implements Closeable {

    private static final byte[] MAGIC = "PAR1".getBytes(US_ASCII);

    /** The types that a column can have. */
    enum Kind {
        /** {@link String}. */
        TEXT(Type.BYTE_ARRAY),
        /** {@link Integer}. */
        INTEGER(Type.INT32),
        /** {@link Double}. */
        NUMBER(Type.DOUBLE),
        /** {@link Long}: milliseconds since the epoch, UTC. */
        TIME(Type.INT64);

        private final Type type;

        Kind(Type type) {
            this.type = type;
        }

        private SchemaElement element(String name) {
            SchemaElement element =
                    new SchemaElement(name).setType(type).setRepetition_type(FieldRepetitionType.REQUIRED);
            return switch (this) {
                case TEXT -> element.setLogicalType(LogicalType.STRING(new StringType()));
                case TIME ->
                    element.setLogicalType(
                            LogicalType.TIMESTAMP(new TimestampType(true, TimeUnit.MILLIS(new MilliSeconds()))));
                case INTEGER, NUMBER -> element;
            };
        }

        private byte[] plain(Object value) {
            return switch (this) {
                case TEXT -> {
                    byte[] text = ((String) value).getBytes(UTF_8);
                    yield little(Integer.BYTES + text.length)
                            .putInt(text.length)
                            .put(text)
                            .array();
                }
                case INTEGER -> little(Integer.BYTES).putInt((Integer) value).array();
                case NUMBER -> little(Double.BYTES).putDouble((Double) value).array();
                case TIME -> little(Long.BYTES).putLong((Long) value).array();
            };
        }

        private static ByteBuffer little(int bytes) {
            return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /** A column. */
    record Column(String name, Kind kind) {}

    private final OutputStream out;
    private final List<Column> columns;
    private final List<RowGroup> groups = new ArrayList<>();
    private long position;
    private long rows;

    /** Begins a file. */
    ParquetFile(Path file, List<Column> columns) throws IOException {
        this.columns = List.copyOf(columns);
        this.out = Files.newOutputStream(file);
        put(MAGIC);
    }

    /** Appends a row group; each row has a value for each column, in their order. */
    void write(List<List<Object>> group) throws IOException {
        if (group.isEmpty()) {
            return;
        }
        List<ColumnChunk> chunks = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < columns.size(); i++) {
            ColumnChunk chunk = chunk(i, group);
            bytes += chunk.getMeta_data().getTotal_uncompressed_size();
            chunks.add(chunk);
        }
        groups.add(new RowGroup(chunks, bytes, group.size()));
        rows += group.size();
    }

    private ColumnChunk chunk(int index, List<List<Object>> group) throws IOException {
        Column column = columns.get(index);
        ByteArrayOutputStream values = new ByteArrayOutputStream();
        for (List<Object> row : group) {
            values.write(column.kind().plain(row.get(index)));
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            values.writeTo(gzip);
        }
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        // Nothing is optional or repeated, so no levels precede the values.
        Util.writePageHeader(
                new PageHeader(PageType.DATA_PAGE, values.size(), packed.size())
                        .setData_page_header(
                                new DataPageHeader(group.size(), Encoding.PLAIN, Encoding.RLE, Encoding.RLE)),
                header);
        long start = position;
        put(header.toByteArray());
        put(packed.toByteArray());
        return new ColumnChunk(0)
                .setMeta_data(new ColumnMetaData(
                        column.kind().type,
                        List.of(Encoding.PLAIN, Encoding.RLE),
                        List.of(column.name()),
                        CompressionCodec.GZIP,
                        group.size(),
                        (long) header.size() + values.size(),
                        (long) header.size() + packed.size(),
                        start));
    }

    private void put(byte[] bytes) throws IOException {
        out.write(bytes);
        position += bytes.length;
    }

    /** Ends the file. */
    @Override
    public void close() throws IOException {
        try (out) {
            List<SchemaElement> schema = new ArrayList<>();
            schema.add(new SchemaElement("samples").setNum_children(columns.size()));
            columns.forEach(column -> schema.add(column.kind().element(column.name())));
            ByteArrayOutputStream footer = new ByteArrayOutputStream();
            Util.writeFileMetaData(new FileMetaData(1, schema, rows, groups).setCreated_by("murmuration"), footer);
            put(footer.toByteArray());
            put(ByteBuffer.allocate(Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(footer.size())
                    .array());
            put(MAGIC);
        }
    }
}
