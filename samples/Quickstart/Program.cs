// Paints one picture in the style of another: dotnet run --project samples/Quickstart -- CONTENT STYLE OUT [SIZE]
using NeuralStyle;
using NeuralStyle.Imaging;
using NeuralStyle.Runs;
using NeuralStyle.Settings;

using var content = Picture.Load(args[0]);
using var style = Picture.Load(args[1]);
var settings = new StyleSettings { Size = args.Length > 3 ? int.Parse(args[3]) : 512 };
var progress = new Progress<RunProgress>(report => Console.Error.WriteLine($"{report.Fraction:P0} · loss {report.Loss:G4}"));
using var result = StyleTransfer.Run(new StyleInputs(content, style), Networks.Find(), settings, new RunSettings { Progress = progress });
result.Save(args[2]);
