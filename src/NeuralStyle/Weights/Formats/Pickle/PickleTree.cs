using System.Globalization;

namespace NeuralStyle.Weights.Formats.Pickle;

/// <summary>
/// All leaves of an unpickled value by path: of nested dictionaries, of lists, and of saved modules with their parameters.
/// </summary>
internal static class PickleTree
{
    private const int MaximumDepth = 16, MaximumVisits = 1 << 13, MaximumPath = 128; // a pickle may hold itself

    // Dictionaries in which torch keeps the parts of a module; they are not part of names.
    private static readonly string[] PartsOfModules = ["_parameters", "_buffers", "_modules"];

    /// <summary>The leaves of a kind.</summary>
    /// <typeparam name="T"><see cref="TorchTensor"/> or <see cref="PickleArray"/>.</typeparam>
    /// <param name="root">The value.</param>
    /// <param name="separator">Separates the parts of a path.</param>
    /// <exception cref="WeightsFormatException">It is far larger than weights are.</exception>
    public static Dictionary<string, T> Leaves<T>(object? root, char separator)
        where T : class
    {
        var leaves = new Dictionary<string, T>(StringComparer.Ordinal);
        var visits = 0;
        Visit(root, "", 0);
        return leaves;

        void Visit(object? value, string path, int depth)
        {
            if (depth > MaximumDepth || value is null or string or long or bool or double) return;
            if (++visits > MaximumVisits) throw new WeightsFormatException("its pickle is far larger than weights are");
            switch (value)
            {
                case T leaf when leaf is not PickleArray { Items: not null }: leaves.TryAdd(path, leaf); break;
                case PickleDictionary dictionary: foreach (var (key, item) in dictionary) Visit(item,
                    Join(path, Convert.ToString(key, CultureInfo.InvariantCulture)!), depth + 1); break;
                case PickleObject module: foreach (var (key, item) in module.Attributes) Visit(item, key is string part
                    && PartsOfModules.Contains(part) ? path : Join(path, key.ToString()!), depth + 1); break;
                case PickleArray { Items: [var only], Shape: [] }: Visit(only, path, depth + 1); break; // numpy.save of a dictionary
                case PickleArray { Items: { } items }: VisitAll(items, path, depth); break;
                case List<object?> list: VisitAll(list, path, depth); break;
                case PickleTuple tuple: VisitAll(tuple.Items, path, depth); break;
            }
        }

        void VisitAll(IEnumerable<object?> items, string path, int depth)
        {
            var index = 0;
            foreach (var item in items) Visit(item, Join(path, (index++).ToString(CultureInfo.InvariantCulture)), depth + 1);
        }

        string Join(string path, string name) => path.Length == 0 ? name : path.Length > MaximumPath ? path : $"{path}{separator}{name}";
    }
}
