namespace Marketplace.Requirements.Systems.Software;

/// <summary>A Python interpreter of a system.</summary>
/// <param name="Path">The path it is called by, for example <c>/usr/bin/python3</c>.</param>
/// <param name="Program">The program that path leads to, for example <c>/usr/bin/python3.11</c>.</param>
/// <param name="Version">Its version in two numbers; null when neither the name of the program nor a package tells it.</param>
internal sealed record PythonInterpreter(string Path, string Program, Version? Version);
