using System.Buffers.Binary;

namespace NeuralStyle.Weights.Formats;

/// <summary>The checksum of zip files: CRC-32 with polynomial 0xEDB88320 (ISO 3309), eight bytes at a time (Intel's "slicing-by-8").</summary>
internal static class Crc32
{
    // Tables[k][b]: what a byte b contributes when k more bytes follow it.
    private static readonly uint[][] Tables = MakeTables();

    /// <summary>Continues a checksum; start with 0.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var low = crc ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            crc = Tables[7][(byte)low] ^ Tables[6][(byte)(low >> 8)] ^ Tables[5][(byte)(low >> 16)] ^ Tables[4][low >> 24]
                ^ Tables[3][bytes[4]] ^ Tables[2][bytes[5]] ^ Tables[1][bytes[6]] ^ Tables[0][bytes[7]];
        }
        foreach (var value in bytes) crc = Tables[0][(byte)(crc ^ value)] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[][] MakeTables()
    {
        var tables = new uint[8][];
        tables[0] = Enumerable.Range(0, 256).Select(Remainder).ToArray();
        for (var k = 1; k < 8; k++) tables[k] = tables[k - 1].Select(value => (value >> 8) ^ tables[0][(byte)value]).ToArray();
        return tables;
    }

    private static uint Remainder(int index)
    {
        var value = (uint)index;
        for (var bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
        return value;
    }
}
