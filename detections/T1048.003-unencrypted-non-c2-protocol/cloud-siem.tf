# A shell, script host or transfer tool of Windows opens a clear-text connection to a public address of version 4 (Sysmon event 3).

resource "sumologic_cse_match_rule" "unencrypted_non_c2_protocol" {
  name                   = "Clear-Text Connection of a Shell, Script Host or Transfer Tool"
  name_expression        = "Clear-Text Connection of a Shell, Script Host or Transfer Tool"
  description_expression = "A shell, script host or transfer tool opened a connection over FTP, telnet, mail submission or TFTP to a public address."
  enabled      = true
  is_prototype = true
  entity_selectors {
    entity_type = "_ip"
    expression  = "srcDevice_ip"
  }
  entity_selectors {
    entity_type = "_username"
    expression  = "user_username"
  }
  expression = <<-EOT
    metadata_deviceEventId = "Microsoft-Windows-Sysmon/Operational-3"
      AND lower(fields["EventData.Initiated"]) = "true"
      AND ((lower(fields["EventData.Protocol"]) = "tcp" AND dstPort in (20, 21, 23, 25, 587))
          OR (lower(fields["EventData.Protocol"]) = "udp" AND dstPort = 69))
      AND baseImage matches /(?is)^.*\\(?:powershell|pwsh|cmd|wscript|cscript|mshta|rundll32|regsvr32|certutil|curl|ftp|tftp|rclone|nc|ncat|telnet|perl|lftp|wput|python\d*(?:\.\d+)?)\.exe$/
      AND isValidIPv4(dstDevice_ip)
      AND !(compareCIDRPrefix("0.0.0.0", dstDevice_ip, "8")
          OR compareCIDRPrefix("10.0.0.0", dstDevice_ip, "8")
          OR compareCIDRPrefix("100.64.0.0", dstDevice_ip, "10")
          OR compareCIDRPrefix("127.0.0.0", dstDevice_ip, "8")
          OR compareCIDRPrefix("169.254.0.0", dstDevice_ip, "16")
          OR compareCIDRPrefix("172.16.0.0", dstDevice_ip, "12")
          OR compareCIDRPrefix("192.168.0.0", dstDevice_ip, "16")
          OR compareCIDRPrefix("198.18.0.0", dstDevice_ip, "15")
          OR compareCIDRPrefix("224.0.0.0", dstDevice_ip, "3"))
  EOT
  severity_mapping {
    type    = "constant"
    default = 5
  }
  tags = ["_mitreAttackTactic:TA0010", "_mitreAttackTechnique:T1048.003"]
}
