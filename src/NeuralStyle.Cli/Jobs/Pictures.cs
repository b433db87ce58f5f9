using System.Collections;
using NeuralStyle.Imaging;

namespace NeuralStyle.Cli.Jobs;

/// <summary>Several open pictures that are closed together.</summary>
internal sealed class Pictures : IReadOnlyList<Picture>, IDisposable
{
    private readonly List<Picture> _items = [];

    public Pictures(IReadOnlyList<string> paths)
    {
        try
        {
            foreach (var path in paths) _items.Add(Picture.Load(path));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int Count => _items.Count;

    public Picture this[int index] => _items[index];

    public IEnumerator<Picture> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        foreach (var item in _items) item.Dispose();
    }
}
