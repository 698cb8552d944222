namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>What a SYN cookie keeps of a SYN.</summary>
internal readonly record struct SynCookie(ushort Mss, sbyte WindowScale, bool SackPermitted, bool Timestamps);
