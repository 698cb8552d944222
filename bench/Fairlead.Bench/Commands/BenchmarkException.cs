namespace Fairlead.Bench.Commands;

/// <summary>A benchmark could not be carried out. The message names what broke and the remedy.</summary>
internal sealed class BenchmarkException(string message, Exception? inner = null) : Exception(message, inner);
