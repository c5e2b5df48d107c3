# HL7's R4 definitions: fetched once, checked against a pinned hash, compiled to one table that programs map into memory.
function(vardbron_add_definitions)
endfunction()

# Makes a target wait for the table.
function(vardbron_needs_definitions target)
endfunction()
