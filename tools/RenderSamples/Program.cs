using RenderSamples;

var folder = args.Length > 0 ? args[0] : "samples";
Directory.CreateDirectory(folder);
foreach (var sample in SamplePictures.All)
{
    var path = Path.Combine(folder, sample.FileName);
    JpegFile.Write(path, sample.Render(SamplePictures.Height), sample.Quality);
    Console.WriteLine($"{path}: {new FileInfo(path).Length / 1024} KB");
}
