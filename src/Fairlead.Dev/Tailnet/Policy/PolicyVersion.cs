using Fairlead.Dev.Tailnet.Policy.Evaluation;

namespace Fairlead.Dev.Tailnet.Policy;

/// <param name="Text">HuJSON as it was sent.</param>
/// <param name="ETag">SHA-256 of the text in hex.</param>
/// <param name="IsDefault">Did nobody set it through the API yet?</param>
/// <param name="Rules">What it says.</param>
internal sealed record PolicyVersion(string Text, string ETag, bool IsDefault, PolicyRules Rules);
