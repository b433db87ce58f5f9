using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace NeuralStyle.Runtime.Lanes;

/// <summary>
/// Eight values in two vectors of four: the Advanced SIMD of 64-bit ARM processors. x86 processors with FMA can do the same, which is how
/// it is tested there.
/// </summary>
internal readonly unsafe struct Lanes4(Vector128<float> low, Vector128<float> high) : ILanes<Lanes4>
{
    private readonly Vector128<float> _low = low, _high = high;

    /// <summary>Whether this machine has them.</summary>
    public static bool IsSupported => AdvSimd.Arm64.IsSupported || Fma.IsSupported;

    public static int Count => 8;

    /// <summary>Each of these vectors takes two registers, of 32 on ARM and 16 on x86.</summary>
    public static int Registers => AdvSimd.Arm64.IsSupported ? 16 : 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Create(float value) => new(Vector128.Create(value), Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Load(float* from) => new(Vector128.Load(from), Vector128.Load(from + 4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 LoadBits(byte* from)
    {
        var (bits, low, high) = (Vector128.Create((int)*from), Vector128.Create(1, 2, 4, 8), Vector128.Create(16, 32, 64, 128));
        return new(Vector128.Equals(bits & low, low).AsSingle(), Vector128.Equals(bits & high, high).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 LoadBytes(byte* from)
    {
        var shorts = Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)from).AsByte());
        var (low, high) = (Vector128.WidenLower(shorts), Vector128.WidenUpper(shorts));
        return new(Vector128.ConvertToSingle(low.AsInt32()), Vector128.ConvertToSingle(high.AsInt32()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 LoadFours(float* from, nint stride) => new(Vector128.Load(from), Vector128.Load(from + stride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to)
    {
        _low.Store(to);
        _high.Store(to + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreBits(byte* to) => *to = (byte)(_low.ExtractMostSignificantBits() | (_high.ExtractMostSignificantBits() << 4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreBytes(byte* to)
    {
        var shorts = Vector128.Narrow(Vector128.ConvertToInt32(_low), Vector128.ConvertToInt32(_high));
        *(ulong*)to = Vector128.Narrow(shorts, shorts).AsUInt64().ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 operator +(Lanes4 left, Lanes4 right) => new(left._low + right._low, left._high + right._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 operator -(Lanes4 left, Lanes4 right) => new(left._low - right._low, left._high - right._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 operator *(Lanes4 left, Lanes4 right) => new(left._low * right._low, left._high * right._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 operator &(Lanes4 left, Lanes4 right) => new(left._low & right._low, left._high & right._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Max(Lanes4 left, Lanes4 right) =>
        new(Vector128.Max(left._low, right._low), Vector128.Max(left._high, right._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 MultiplyAdd(Lanes4 left, Lanes4 right, Lanes4 added) => new(
        Vector128.FusedMultiplyAdd(left._low, right._low, added._low), Vector128.FusedMultiplyAdd(left._high, right._high, added._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Equal(Lanes4 left, Lanes4 right) =>
        new(Vector128.Equals(left._low, right._low), Vector128.Equals(left._high, right._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Positive(Lanes4 value) =>
        new(Vector128.GreaterThan(value._low, Vector128<float>.Zero), Vector128.GreaterThan(value._high, Vector128<float>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Select(Lanes4 mask, Lanes4 set, Lanes4 otherwise) => new(
        Vector128.ConditionalSelect(mask._low, set._low, otherwise._low),
        Vector128.ConditionalSelect(mask._high, set._high, otherwise._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes4 value)
    {
        var four = value._low + value._high;
        return four.GetElement(0) + four.GetElement(2) + (four.GetElement(1) + four.GetElement(3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 InterleaveLow(Lanes4 a, Lanes4 b) => new(Low(a._low, b._low), Low(a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 InterleaveHigh(Lanes4 a, Lanes4 b) => new(High(a._low, b._low), High(a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 JoinLow(Lanes4 a, Lanes4 b) => new(JoinLow(a._low, b._low), JoinLow(a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 JoinHigh(Lanes4 a, Lanes4 b) => new(JoinHigh(a._low, b._low), JoinHigh(a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b) =>
        AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b) : Sse.UnpackLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> a, Vector128<float> b) =>
        AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b) : Sse.UnpackHigh(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> JoinLow(Vector128<float> a, Vector128<float> b) => Vector128.Create(a.GetLower(), b.GetLower());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> JoinHigh(Vector128<float> a, Vector128<float> b) => Vector128.Create(a.GetUpper(), b.GetUpper());
}
