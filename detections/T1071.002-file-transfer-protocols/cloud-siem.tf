# Transfers over FTP, FTPS, SMB or TFTP from inside to public addresses of version 4, in the records of firewalls and network sensors.

resource "sumologic_cse_threshold_rule" "file_transfer_protocols_repeated" {
  name        = "File Transfer Protocols: Repeated Connections to One Public Address"
  description = "More than three connections of one host over FTP, FTPS, SMB or TFTP to one public address within a day."
  enabled      = true
  is_prototype = true
  entity_selectors {
    entity_type = "_ip"
    expression  = "srcDevice_ip"
  }
  expression = <<-EOT
    objectType in ("Network", "NetworkFlow")
      AND !(lower(normalizedAction) in ("deny", "drop"))
      AND ((lower(ipProtocol) in ("tcp", "6") AND dstPort in (20, 21, 139, 445, 989, 990))
          OR (lower(ipProtocol) in ("udp", "17") AND dstPort = 69))
      AND (compareCIDRPrefix("10.0.0.0", srcDevice_ip, "8")
          OR compareCIDRPrefix("100.64.0.0", srcDevice_ip, "10")
          OR compareCIDRPrefix("172.16.0.0", srcDevice_ip, "12")
          OR compareCIDRPrefix("192.168.0.0", srcDevice_ip, "16"))
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
  group_by_fields = ["srcDevice_ip", "dstDevice_ip"]
  limit           = 4
  window_size     = "T24H"
  severity        = 5
  tags            = ["_mitreAttackTactic:TA0011", "_mitreAttackTechnique:T1071.002"]
}

resource "sumologic_cse_match_rule" "file_transfer_protocols_upload" {
  name                   = "File Transfer Protocols: Large Upload to a Public Address"
  name_expression        = "File Transfer Protocols: Large Upload to a Public Address"
  description_expression = "One session over FTP, FTPS, SMB or TFTP sent more than 10 MiB to a public address."
  enabled      = true
  is_prototype = true
  entity_selectors {
    entity_type = "_ip"
    expression  = "srcDevice_ip"
  }
  expression = <<-EOT
    objectType in ("Network", "NetworkFlow")
      AND bytesOut > 10485760
      AND ((lower(ipProtocol) in ("tcp", "6") AND dstPort in (20, 21, 139, 445, 989, 990))
          OR (lower(ipProtocol) in ("udp", "17") AND dstPort = 69))
      AND (compareCIDRPrefix("10.0.0.0", srcDevice_ip, "8")
          OR compareCIDRPrefix("100.64.0.0", srcDevice_ip, "10")
          OR compareCIDRPrefix("172.16.0.0", srcDevice_ip, "12")
          OR compareCIDRPrefix("192.168.0.0", srcDevice_ip, "16"))
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
    default = 7
  }
  tags = ["_mitreAttackTactic:TA0011", "_mitreAttackTechnique:T1071.002"]
}
