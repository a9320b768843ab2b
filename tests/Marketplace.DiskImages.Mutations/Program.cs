using System.Globalization;
using Marketplace.DiskImages.Mutations;
using Marketplace.DiskImages.Testing.Mutations;

// dotnet run --project tests/Marketplace.DiskImages.Mutations -c Release -- [--differences] [--seed N] [--count N | --each-format N] [name...]
// Reads damaged images and prints a line for each target, then one for each format. A name chooses the targets that begin with it.
// --count is the number of mutants of each target; --each-format is one for each format, spread over its targets.
// With --differences it changes single bits and bytes that a checksum covers, and prints every answer that differs without an error.
// Exit code 1 when a mutant threw anything but the one exception for bad images, hung, or took more than its budget.
int seed = 1;
int count = 1000;
int eachFormat = 0;
bool differences = false;
List<string> names = [];
for (int i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--seed" when i + 1 < args.Length && int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out seed):
        case "--count" when i + 1 < args.Length && int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out count):
        case "--each-format" when i + 1 < args.Length && int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out eachFormat):
            i++;
            break;
        case "--differences":
            differences = true;
            break;
        case string name when !name.StartsWith('-'):
            names.Add(name);
            break;
        default:
            Console.Error.WriteLine("Usage: [--differences] [--seed N] [--count N | --each-format N] [name...]");
            return 2;
    }
}

if (differences)
{
    return DifferenceCommand.Run(names, seed, count);
}

MutationTarget[] targets = [.. MutationTargets.All.Where(target => names.Count == 0 || names.Any(name => target.Name.StartsWith(name, StringComparison.Ordinal)))];
if (targets.Length == 0)
{
    Console.Error.WriteLine("No target has that name. There are: " + string.Join(' ', MutationTargets.All.Select(target => target.Name)));
    return 2;
}

using Watchdog watchdog = new();
List<(string Format, MutationRun Run)> runs = [];
int failed = 0;
Console.WriteLine(RunTable.Header("target"));
foreach (IGrouping<string, MutationTarget> format in targets.GroupBy(target => RunTable.FormatOf(target.Name)))
{
    int mutants = eachFormat > 0 ? (eachFormat + format.Count() - 1) / format.Count() : count;
    foreach (MutationTarget target in format)
    {
        try
        {
            MutationRun run = MutationRun.Execute(target, seed, mutants, index => watchdog.Started(target.Name, seed, index));
            runs.Add((format.Key, run));
            Console.WriteLine(RunTable.Line(target.Name, [run]));
        }
        catch (InvalidDataException e)
        {
            failed++;
            Console.WriteLine($"| {target.Name} | FAILED: {e.Message}");
        }
    }
}

Console.WriteLine();
Console.WriteLine(RunTable.Header("format"));
foreach (IGrouping<string, (string Format, MutationRun Run)> format in runs.GroupBy(run => run.Format))
{
    Console.WriteLine(RunTable.Line(format.Key, [.. format.Select(run => run.Run)]));
}

Console.WriteLine(failed == 0 ? $"{targets.Length} targets, seed {seed}: nothing but format errors" : $"{failed} of {targets.Length} targets failed");
return failed == 0 ? 0 : 1;
