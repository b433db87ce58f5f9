using System.Buffers.Binary;
using System.IO.Compression;

namespace NeuralStyle.Tests.Infra;

/// <summary>Damages files the way that attackers and broken disks do. The same seed always gives the same file.</summary>
internal static class FileMutator
{
    private static readonly long[] Interesting = [0, 1, 2, 3, 4, 7, 8, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000,
        0xFFFFFFFF, long.MaxValue, long.MinValue, -1];

    /// <summary>One to six changes; in a zip file, as often as not, to the members, packed again with correct checksums.</summary>
    public static byte[] Mutate(byte[] original, int seed)
    {
        var random = new Random(seed);
        return original.AsSpan().StartsWith("PK"u8) && random.Next(2) == 0 ? MutateMember(original, random) : Change(original, random);
    }

    private static byte[] MutateMember(byte[] original, Random random)
    {
        using var packed = new MemoryStream();
        using (var old = new ZipArchive(new MemoryStream(original)))
        using (var fresh = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            var victim = random.Next(old.Entries.Count);
            var pickle = old.Entries.ToList().FindIndex(entry => entry.Name == "data.pkl");
            if (pickle >= 0 && random.Next(4) != 0) victim = pickle; // where torch's structure is
            for (var i = 0; i < old.Entries.Count; i++)
            {
                using var content = new MemoryStream();
                using (var stream = old.Entries[i].Open()) stream.CopyTo(content);
                var bytes = i == victim ? Change(content.ToArray(), random) : content.ToArray();
                using var target = fresh.CreateEntry(old.Entries[i].FullName, random.Next(8) == 0
                    ? CompressionLevel.Fastest
                    : CompressionLevel.NoCompression).Open();
                target.Write(bytes);
            }
        }
        return packed.ToArray();
    }

    private static byte[] Change(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var changes = random.Next(1, 7); changes > 0 && bytes.Count > 0; changes--)
        {
            // Half of the changes near the beginning, where most formats keep their structure.
            var at = random.Next(random.Next(2) == 0 ? Math.Min(bytes.Count, 4096) : bytes.Count);
            var length = Math.Min(1 << random.Next(12), bytes.Count - at);
            switch (random.Next(8))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2 or 3: Overwrite(bytes, at, random); break;
                case 4: if (FindDigit(bytes, at) is var digit and >= 0) bytes[digit] = (byte)('0' + random.Next(10)); break;
                case 5: bytes.RemoveRange(at, length); break;
                case 6: bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count - length + 1), length)); break;
                default: if (random.Next(4) == 0) bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }
        return [.. bytes];
    }

    private static void Overwrite(List<byte> bytes, int at, Random random)
    {
        Span<byte> number = stackalloc byte[8];
        var value = random.Next(4) == 0 ? bytes.Count + random.Next(-64, 64) : Interesting[random.Next(Interesting.Length)];
        if (random.Next(8) == 0) BinaryPrimitives.WriteInt64BigEndian(number, value);
        else BinaryPrimitives.WriteInt64LittleEndian(number, value);
        for (var i = 0; i < 1 << random.Next(4) && at + i < bytes.Count; i++) bytes[at + i] = number[i];
    }

    private static int FindDigit(List<byte> bytes, int at)
    {
        for (var i = at; i < Math.Min(bytes.Count, at + 256); i++)
        {
            if (char.IsAsciiDigit((char)bytes[i])) return i;
        }
        return -1;
    }
}
