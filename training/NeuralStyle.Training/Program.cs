using NeuralStyle.Runtime;
using NeuralStyle.Training;
using NeuralStyle.Weights;

// Learns the built-in network anew: dotnet run -c Release --project training/NeuralStyle.Training -- [file]
var path = args.Length > 0 ? args[0] : "src/NeuralStyle/Weights/BuiltIn/builtin.npz";
TorchRuntime.Initialize(threads: 1); // sums in the same order everywhere
using var pictures = TrainingPictures.Render(size: 96, count: 240);
var weights = NetworkLearner.Learn(pictures, [32, 64, 128, 128, 128], new LearnerOptions(), Console.WriteLine);
NpzWriter.Write(path, weights, half: true, source: "learnt from rendered pictures by training/NeuralStyle.Training");
Console.WriteLine($"{path}: {new FileInfo(path).Length / 1024} KB");
