using System.Globalization;
using Benchmarks;

// dotnet run --project tests/Benchmarks -c Release -- [--rounds N] [--folder DIR] [name...]
// Runs each benchmark against the program it is measured by, both in every round, and prints the ratios as a Markdown table.
int rounds = 7;
string folder = Path.Combine(Path.GetTempPath(), "marketplace-benchmarks");
List<string> names = [];
for (int i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--rounds" when i + 1 < args.Length && int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out rounds) && rounds > 0:
            i++;
            break;
        case "--folder" when i + 1 < args.Length:
            folder = args[++i];
            break;
        case string name when !name.StartsWith('-'):
            names.Add(name);
            break;
        default:
            Console.Error.WriteLine("Usage: [--rounds N] [--folder DIR] [name...]");
            return 2;
    }
}

IPairedBenchmark[] chosen = [.. ContainerRead.All.Where(benchmark => names.Count == 0 || names.Any(name => benchmark.Name.StartsWith(name, StringComparison.Ordinal)))];
Directory.CreateDirectory(folder);
Console.WriteLine("| benchmark | ours, median (s) | the other, median (s) | speed against the other, median | best against best |");
Console.WriteLine("|---|---|---|---|---|");
foreach (IPairedBenchmark benchmark in chosen)
{
    Console.WriteLine(PairedRounds.Run(benchmark, folder, rounds));
}

return 0;
