// One test at a time: TorchSharp hands libtorch the addresses of numbers that nothing holds any longer, and a collection set off by
// another test's thread frees them meanwhile ("Unknown scalar type"). Operators use all processors anyway.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
