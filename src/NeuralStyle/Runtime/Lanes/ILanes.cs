namespace NeuralStyle.Runtime.Lanes;

/// <summary>
/// Several float32 values that a processor works on at once. Code written for any <typeparamref name="T"/> is
/// compiled for each implementation as if written with its instructions. A mask is a vector too: of each value all bits are set, or none.
/// </summary>
/// <typeparam name="T">The vector itself.</typeparam>
internal unsafe interface ILanes<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>Number of values: a multiple of 8.</summary>
    static abstract int Count { get; }

    /// <summary>Number of vectors that registers hold.</summary>
    static abstract int Registers { get; }

    /// <summary>The same value everywhere.</summary>
    static abstract T Create(float value);

    /// <summary>The values from an address on.</summary>
    static abstract T Load(float* from);

    /// <summary>A mask from a bit for each value.</summary>
    static abstract T LoadBits(byte* from);

    /// <summary>Values from bytes.</summary>
    static abstract T LoadBytes(byte* from);

    /// <summary>Four values from each of as many rows as fit, concatenated.</summary>
    /// <param name="from">The first row.</param>
    /// <param name="stride">Floats from row to row.</param>
    static abstract T LoadFours(float* from, nint stride);

    /// <summary>Where to store them.</summary>
    void Store(float* to);

    /// <summary>A bit for each value of a mask.</summary>
    void StoreBits(byte* to);

    /// <summary>Whole numbers from 0 to 127 as bytes.</summary>
    void StoreBytes(byte* to);

    /// <summary>The sum.</summary>
    static abstract T operator +(T left, T right);

    /// <summary>The difference.</summary>
    static abstract T operator -(T left, T right);

    /// <summary>The product.</summary>
    static abstract T operator *(T left, T right);

    /// <summary>Values where a mask has all bits set, 0 elsewhere.</summary>
    static abstract T operator &(T left, T right);

    /// <summary>The larger ones.</summary>
    static abstract T Max(T left, T right);

    /// <summary><paramref name="left"/> · <paramref name="right"/> + <paramref name="added"/>, rounded once.</summary>
    static abstract T MultiplyAdd(T left, T right, T added);

    /// <summary>The mask of equal values.</summary>
    static abstract T Equal(T left, T right);

    /// <summary>The mask of values above 0.</summary>
    static abstract T Positive(T value);

    /// <summary>One where a mask is set, the other elsewhere.</summary>
    static abstract T Select(T mask, T set, T otherwise);

    /// <summary>The sum of all values: first of the two halves, then of theirs, and so on, so that 16 values have the same sum as the
    /// sum of their halves.</summary>
    static abstract float Sum(T value);

    /// <summary>In each four: a0 b0 a1 b1.</summary>
    static abstract T InterleaveLow(T a, T b);

    /// <summary>In each four: a2 b2 a3 b3.</summary>
    static abstract T InterleaveHigh(T a, T b);

    /// <summary>In each four: a0 a1 b0 b1.</summary>
    static abstract T JoinLow(T a, T b);

    /// <summary>In each four: a2 a3 b2 b3.</summary>
    static abstract T JoinHigh(T a, T b);
}
