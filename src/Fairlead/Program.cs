using Fairlead.CommandLine;

using var signals = new StopSignals();
return await Invocation.RunAsync(args, signals.Stopping).ConfigureAwait(false);
