namespace NeuralStyle.Weights.Download;

/// <summary>A set of bytes of a file, as ordered ranges that neither touch nor overlap.</summary>
internal sealed class ByteRanges
{
    private readonly List<(long Start, long End)> _ranges = [];

    /// <summary>The ranges, each with its first byte and the byte after its last.</summary>
    public IReadOnlyList<(long Start, long End)> All => _ranges;

    /// <summary>Number of bytes in the set.</summary>
    public long Count => _ranges.Sum(range => range.End - range.Start);

    /// <summary>Adds a range, closing gaps of up to <paramref name="gap"/> bytes to its neighbours.</summary>
    public void Add(long start, long end, long gap = 0)
    {
        if (end <= start) return;
        var first = _ranges.FindIndex(range => range.End + gap >= start);
        if (first < 0) first = _ranges.Count;
        var behind = first;
        for (; behind < _ranges.Count && _ranges[behind].Start <= end + gap; behind++)
            (start, end) = (Math.Min(start, _ranges[behind].Start), Math.Max(end, _ranges[behind].End));
        _ranges.RemoveRange(first, behind - first);
        _ranges.Insert(first, (start, end));
    }

    /// <summary>The range that holds a byte; null when it is not in the set.</summary>
    public (long Start, long End)? Find(long at)
    {
        foreach (var range in _ranges)
        {
            if (range.Start <= at && at < range.End) return range;
        }
        return null;
    }

    /// <summary>The first part of a range that is not in the set; null if all of it is.</summary>
    public (long Start, long End)? FirstMissing(long start, long end)
    {
        foreach (var range in _ranges)
        {
            if (range.End <= start) continue;
            if (range.Start >= end) break;
            if (range.Start > start) return (start, range.Start);
            start = range.End;
        }
        return start < end ? (start, end) : null;
    }
}
