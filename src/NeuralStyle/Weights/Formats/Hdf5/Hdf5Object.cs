namespace NeuralStyle.Weights.Formats.Hdf5;

/// <summary>The messages that make up a group or a dataset (HDF5 file format specification, IV.A), versions 1 and 2.</summary>
internal sealed class Hdf5Object
{
    private const int MaximumBlockBytes = 1 << 20, MaximumMessages = 4096, MaximumBlocks = 64;

    /// <summary>The kinds of messages that matter here.</summary>
    public const int Dataspace = 0x01, Datatype = 0x03, Link = 0x06, Layout = 0x08, Continuation = 0x10, SymbolTable = 0x11,
        LinkInfo = 0x02;

    private readonly List<(int Type, byte[] Data)> _messages = [];
    private readonly Hdf5File _file;

    /// <summary>Reads all messages at an address.</summary>
    public Hdf5Object(Hdf5File file, long address)
    {
        _file = file;
        var start = new Hdf5Field(file.Read(address, 6));
        if (start.U8() == (byte)'O') ReadVersion2(address);
        else ReadVersion1(address);
    }

    /// <summary>The data of the first message of a kind; null when there is none.</summary>
    public byte[]? Find(int type) => _messages.FirstOrDefault(message => message.Type == type).Data;

    /// <summary>The data of all messages of a kind.</summary>
    public IEnumerable<byte[]> FindAll(int type) => _messages.Where(message => message.Type == type).Select(message => message.Data);

    private void ReadVersion1(long address)
    {
        const int prefix = 16; // 12 bytes and padding
        var header = new Hdf5Field(_file.Read(address, prefix));
        if (header.U8() != 1) throw Hdf5Field.Damaged();
        header.Skip(7);
        var blocks = new Queue<(long Address, long Length)>([(address + prefix, header.U32())]);
        for (var done = 0; blocks.TryDequeue(out var block); done++)
        {
            var field = Open(block, done);
            while (field.Left >= 8)
            {
                var (type, size) = (field.U16(), field.U16());
                field.Skip(4);
                Add(type, field.Take(size), blocks);
            }
        }
    }

    private void ReadVersion2(long address)
    {
        const int largestPrefix = 6 + 16 + 4 + 8;
        var header = new Hdf5Field(_file.Read(address, largestPrefix));
        header.Expect("OHDR\x02"u8);
        var flags = header.U8();
        if ((flags & 0x20) != 0) header.Skip(16); // times
        if ((flags & 0x10) != 0) header.Skip(4); // attribute storage
        var length = header.Unsigned(1 << (flags & 3));
        var blocks = new Queue<(long Address, long Length)>([(address + largestPrefix - header.Left, length)]);
        for (var done = 0; blocks.TryDequeue(out var block); done++)
        {
            var field = Open(block, done);
            if (done > 0) field.Expect("OCHK"u8);
            var perMessage = (flags & 0x04) != 0 ? 6 : 4;
            var checksum = done > 0 ? 4 : 0;
            while (field.Left >= perMessage + checksum)
            {
                var (type, size) = (field.U8(), field.U16());
                field.Skip(perMessage - 3);
                Add(type, field.Take(size), blocks);
            }
        }
    }

    private Hdf5Field Open((long Address, long Length) block, int blocksBefore)
    {
        if (block.Length > MaximumBlockBytes || blocksBefore == MaximumBlocks) throw Hdf5Field.Damaged();
        return new Hdf5Field(_file.Read(block.Address, (int)block.Length));
    }

    private void Add(int type, ReadOnlySpan<byte> data, Queue<(long Address, long Length)> blocks)
    {
        if (_messages.Count == MaximumMessages) throw Hdf5Field.Damaged();
        if (type == Continuation)
        {
            var field = new Hdf5Field(data);
            blocks.Enqueue((field.U64(), field.U64()));
        }
        else if (type is Dataspace or Datatype or Link or Layout or SymbolTable or LinkInfo)
        {
            _messages.Add((type, data.ToArray()));
        }
    }
}
