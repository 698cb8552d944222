namespace Fairlead.Operator.Identity;

/// <summary>A tailnet cannot be spoken to: no Tailnet object of the name is ready.</summary>
public sealed class TailnetUnavailableException(string message) : Exception(message);
