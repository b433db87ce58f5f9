using NeuralStyle.Runtime;
using NeuralStyle.Runtime.Native;
using TorchSharp;
using static TorchSharp.torch;
using NeuralStyle.Tests.Infra;

namespace NeuralStyle.Tests.Runtime.Native;

[Collection(Apart.Collection), Trait(Apart.Trait, Apart.Value)]
public sealed class NativeAllocatorTests
{
    private const long Block = 24 << 20; // bytes
    private const int Blocks = 12;

    [Fact]
    public void Freed_memory_is_kept_for_the_next_tile_until_the_process_holds_what_it_was_to_take()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the allocator is tuned on Linux alone");
        TorchRuntime.Initialize();
        using var scope = NewDisposeScope();
        using (NativeAllocator.Pass())
        {
            // the small ones hold the heap's top
            var blocks = Enumerable.Range(0, Blocks).Select(_ => (Large: ones(Block / sizeof(float)), Small: ones(1000))).ToArray();
            foreach (var (large, _) in blocks) large.Dispose();

            var freed = Environment.WorkingSet;
            NativeAllocator.Relieve();
            using (NativeAllocator.KeepBelow(4 * freed)) NativeAllocator.Relieve();
            var kept = Environment.WorkingSet;
            Assert.InRange(kept, freed - Block, long.MaxValue);
            using (NativeAllocator.KeepBelow(Environment.WorkingSet - Block)) NativeAllocator.Relieve();
            Assert.InRange(kept - Environment.WorkingSet, Blocks * Block / 2, long.MaxValue);
            Assert.All(blocks, pair => Assert.Equal(1000, pair.Small.sum().ToSingle()));
        }
    }
}
