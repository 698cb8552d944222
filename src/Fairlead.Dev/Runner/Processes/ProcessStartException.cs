namespace Fairlead.Dev.Runner.Processes;

/// <summary>A program that cannot be started; the message says which and why.</summary>
internal sealed class ProcessStartException(string message) : Exception(message);
