using System.IO.Enumeration;
using Marketplace.FaultTable;

Options options;
try
{
    options = Options.Parse(args);
}
catch (ArgumentException exception)
{
    Console.Error.WriteLine(exception.Message);
    Console.Error.WriteLine(Options.Usage);
    return 2;
}

Directory.CreateDirectory(options.Work);
SystemScripts scripts = new(options.Work);
Fault[] faults = [.. scripts.List().Where(fault => options.Faults.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, fault.Name)))];
int wrong = 0;
foreach (string system in options.Systems)
{
    string disk = scripts.MakeSystem(system);
    FaultRun run = new(scripts, system, options.Repair, options.Work);
    Console.WriteLine($"=== {system}");
    run.CheckBase(disk);
    Fault[] here = [.. faults.Where(fault => fault.IsFor(system))];
    foreach (Fault fault in here)
    {
        run.Check(fault);
    }

    Fault[] together = [.. here.Where(fault => fault.Together && fault.WhyNotRepaired.Length == 0)];
    if (options.Repair && together.Length > 1)
    {
        run.CheckTogether(together);
    }

    Console.WriteLine($"=== {system}: {run.Faults} faults, {(options.Repair ? run.Repaired + " repairs came out clean, " : "")}{run.Wrong} wrong");
    wrong += run.Wrong;
}

return wrong == 0 ? 0 : 1;
