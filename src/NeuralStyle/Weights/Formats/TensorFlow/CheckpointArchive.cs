using NeuralStyle.Weights.Formats.Protobuf;

namespace NeuralStyle.Weights.Formats.TensorFlow;

/// <summary>
/// A checkpoint of TensorFlow. Version 1 (vgg_19.ckpt of TF-slim): one table with the values inside (saved_tensor_slice.proto). Version 2:
/// a table NAME.index (tensor_bundle.proto) that points into NAME.data-00000-of-00001.
/// </summary>
internal static class CheckpointArchive
{
    private const string FirstKeyOfVersion1 = ""; // holds names and shapes; in version 2, the number of data files
    private const int Float = 1, Double = 2, BFloat16 = 14, Half = 19;

    /// <summary>Opens version 1; fails with a message on what version 2 needs.</summary>
    public static ITensorArchive Open(IByteSource source)
    {
        var entries = SortedTable.Read(source);
        if (entries.Count == 0 || entries[0].Key != FirstKeyOfVersion1)
            throw new WeightsFormatException("it is a table, but not one of a TensorFlow checkpoint");
        return IsVersion1(source, entries[0])
            ? OpenVersion1(source, entries)
            : throw new WeightsFormatException(
                "it is the index of a TensorFlow checkpoint; put its file .data-00000-of-00001 next to it");
    }

    /// <summary>Opens version 2.</summary>
    /// <param name="index">NAME.index.</param>
    /// <param name="data">NAME.data-00000-of-00001.</param>
    public static ITensorArchive Open(IByteSource index, IByteSource data)
    {
        var entries = SortedTable.Read(index);
        if (entries.Count == 0 || entries[0].Key != FirstKeyOfVersion1 || IsVersion1(index, entries[0]))
            throw new WeightsFormatException("its index is not that of a TensorFlow checkpoint");
        var cursor = new SourceCursor(index);
        CheckHeader(new WireReader(cursor, entries[0].Offset, entries[0].Offset + entries[0].Length));
        var tensors = entries.Skip(1)
            .DistinctBy(entry => entry.Key)
            .ToDictionary(entry => entry.Key, entry => ReadEntry(new WireReader(cursor, entry.Offset, entry.Offset + entry.Length), data));
        return new TensorTable("ckpt (index and data)", tensors, null, index, data);
    }

    // A message of messages in version 1; numbers in version 2.
    private static bool IsVersion1(IByteSource source, SortedTable.Entry first)
    {
        var message = new WireReader(new SourceCursor(source), first.Offset, first.Offset + first.Length);
        return message.Next() && message is { Field: 1, Kind: WireReader.Bytes };
    }

    private static void CheckHeader(WireReader header)
    {
        while (header.Next())
        {
            if (header.Field == 1 && header.Value != 1)
                throw new WeightsFormatException($"its values are spread over {header.Value} files; save them again into one");
            if (header.Field == 2 && header.Value != 0)
                throw new WeightsFormatException("its values are big-endian, which nst does not read here");
        }
    }

    private static TensorPlace ReadEntry(WireReader entry, IByteSource data)
    {
        var (type, offset, length) = (0L, 0L, 0L);
        var shape = Array.Empty<int>();
        uint? crc = null;
        while (entry.Next())
        {
            switch (entry.Field)
            {
                case 1: type = entry.Value; break;
                case 2: shape = ReadShape(entry.Message()); break;
                case 4: offset = entry.Value; break;
                case 5: length = entry.Value; break;
                case 6: crc = Unmask((uint)entry.Value); break;
                case 7: type = 0; break; // in slices
            }
        }
        return new TensorPlace(data, offset, length, Info(type, shape)) { Crc32C = crc };
    }

    // Checksums are stored rotated and with a constant added, so that a checksum of checksums is not a special case (crc32c.h of LevelDB).
    private static uint Unmask(uint stored) => System.Numerics.BitOperations.RotateRight(stored - 0xA282EAD8, 17);

    private static TensorTable OpenVersion1(IByteSource source, IReadOnlyList<SortedTable.Entry> entries)
    {
        var cursor = new SourceCursor(source);
        var infos = new Dictionary<string, TensorInfo?>(StringComparer.Ordinal);
        for (var message = new WireReader(cursor, entries[0].Offset, entries[0].Offset + entries[0].Length); message.Next();)
        {
            if (message.Field != 1) continue;
            for (var list = message.Message(); list.Next();)
                if (list is { Field: 1, Kind: WireReader.Bytes }) AddInfo(list.Message(), infos);
        }
        var tensors = new Dictionary<string, TensorPlace>(StringComparer.Ordinal);
        foreach (var entry in entries.Skip(1))
        {
            for (var message = new WireReader(cursor, entry.Offset, entry.Offset + entry.Length); message.Next();)
                if (message is { Field: 2, Kind: WireReader.Bytes }) AddSlice(message.Message(), source, infos, tensors);
        }
        return new TensorTable("ckpt", tensors, null, source);
    }

    private static void AddInfo(WireReader meta, Dictionary<string, TensorInfo?> infos)
    {
        var (name, type, slices) = ("", 0L, 0);
        var shape = Array.Empty<int>();
        while (meta.Next())
        {
            switch (meta.Field)
            {
                case 1: name = meta.Text(); break;
                case 2: shape = ReadShape(meta.Message()); break;
                case 3: type = meta.Value; break;
                case 4: slices++; break;
            }
        }
        infos.TryAdd(name, slices <= 1 ? Info(type, shape) : null);
    }

    private static void AddSlice(WireReader slice, IByteSource source, Dictionary<string, TensorInfo?> infos,
        Dictionary<string, TensorPlace> tensors)
    {
        var name = "";
        (long Offset, long Length) data = (0, 0);
        while (slice.Next())
        {
            if (slice.Field == 1) name = slice.Text();
            if (slice.Field != 3) continue;
            // tensor_content, float_val, double_val; half_val has one number each; no VGG was saved in it
            for (var tensor = slice.Message(); tensor.Next();)
                if (tensor is { Field: 4 or 5 or 6, Kind: WireReader.Bytes }) data = (tensor.Offset, tensor.Length);
        }
        tensors.TryAdd(name, new TensorPlace(source, data.Offset, data.Length, infos.GetValueOrDefault(name)));
    }

    private static int[] ReadShape(WireReader shape)
    {
        const int maximumRank = 8;
        List<int> sizes = [];
        while (shape.Next() && sizes.Count < maximumRank)
        {
            if (shape.Field != 2) continue;
            for (var dimension = shape.Message(); dimension.Next();) if (dimension.Field == 1) sizes.Add(WireReader.Size(dimension.Value));
        }
        return [.. sizes];
    }

    private static TensorInfo? Info(long type, int[] shape) => type switch
    {
        Float => new TensorInfo(ElementType.Float32, false, shape),
        Double => new TensorInfo(ElementType.Float64, false, shape),
        Half => new TensorInfo(ElementType.Float16, false, shape),
        BFloat16 => new TensorInfo(ElementType.BFloat16, false, shape),
        _ => null,
    };
}
