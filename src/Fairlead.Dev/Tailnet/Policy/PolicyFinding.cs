namespace Fairlead.Dev.Tailnet.Policy;

/// <param name="Subject">The section or test that is wrong.</param>
/// <param name="Error">What is wrong with it.</param>
internal sealed record PolicyFinding(string Subject, string Error);
