using System.Globalization;
using Benchmarks;

// dotnet run --project tests/Benchmarks -c Release -- [--rounds N] [--folder DIR] [--disk FILE] [name...]
// Runs each benchmark against the program it is measured by, both in every round, and prints the ratios as a Markdown table.
int rounds = 7;
string folder = Path.Combine(Path.GetTempPath(), "marketplace-benchmarks");
string disk = "";
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
        case TreeWalk.Verb when i + 1 < args.Length:
            Console.WriteLine(string.Join('\n', TreeHash.Compute(args[i + 1])));
            return 0;
        case FactsRead.Verb when i + 1 < args.Length:
            Console.WriteLine(FactsRead.Read(args[i + 1]).Found);
            return 0;
        case ValidationRun.Verb when i + 1 < args.Length:
            Console.WriteLine(ValidationRun.Validate(args[i + 1]));
            return 0;
        case "--disk" when i + 1 < args.Length:
            disk = args[++i];
            break;
        case string name when !name.StartsWith('-'):
            names.Add(name);
            break;
        default:
            Console.Error.WriteLine("Usage: [--rounds N] [--folder DIR] [--disk FILE] [name...]");
            return 2;
    }
}

bool IsChosen(string benchmark) => names.Count == 0 || names.Any(name => benchmark.StartsWith(name, StringComparison.Ordinal));

Directory.CreateDirectory(folder);
IPairedBenchmark[] paired = [.. ContainerRead.All.Concat(TreeWalk.All).Where(benchmark => IsChosen(benchmark.Name))];
if (paired.Length > 0)
{
    Console.WriteLine(PairedRounds.Header);
}

foreach (IPairedBenchmark benchmark in paired)
{
    using (benchmark)
    {
        Console.WriteLine(benchmark.WhyNot is { } reason ? $"{benchmark.Name} is skipped: {reason}." : PairedRounds.Run(benchmark, folder, rounds));
    }
}

FactsRead[] facts = [.. FactsRead.All.Where(benchmark => IsChosen(benchmark.Name))];
if (facts.Length > 0)
{
    Console.WriteLine();
    Console.WriteLine("| benchmark | disk | files there | median (ms) | slowest (ms) | with process start, median (ms) | read (MiB) |");
    Console.WriteLine("|---|---|---|---|---|---|---|");
}

foreach (FactsRead benchmark in facts)
{
    Console.WriteLine(ColdCache.WhyNot is { } reason ? $"{benchmark.Name} is skipped: {reason}." : benchmark.Run(folder, rounds));
}

ValidationRun[] validations = [.. (disk.Length > 0 ? [new ValidationRun("validate-disk", "", Path.GetFullPath(disk))] : ValidationRun.All).Where(benchmark => IsChosen(benchmark.Name))];
if (validations.Length > 0)
{
    Console.WriteLine();
    Console.WriteLine(ValidationRun.Header);
}

foreach (ValidationRun benchmark in validations)
{
    Console.WriteLine(ColdCache.WhyNot is { } reason ? $"{benchmark.Name} is skipped: {reason}." : benchmark.Run(folder, rounds));
}

return 0;
